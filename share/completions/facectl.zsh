#compdef facectl
# zsh completion for facectl, which prints what can follow on the line
_facectl() {
	local line
	local -a lines values
	lines=("${(@f)$("${(Q)words[1]}" complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
	for line in $lines; do
		case $line in
		:files | :folders)
			[[ $PREFIX == --*=* ]] && compset -P '--*='
			if [[ $line == :files ]]; then _files; else _files -/; fi
			return
			;;
		*) values+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
		esac
	done
	_describe -t values value values
}
if [[ $funcstack[1] == _facectl ]]; then
	_facectl "$@"
else
	compdef _facectl facectl
fi
