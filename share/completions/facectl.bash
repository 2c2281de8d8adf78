# bash completion for facectl, which prints what can follow on the line
_facectl() {
	local words=() word value current i
	local IFS=$' \t\n'
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]//\\/}
		word=${word#[\"\']}
		# bash splits "--name=value" into three words
		if ((i > 1)) && [[ $word == = || ${COMP_WORDS[i - 1]} == = ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
	done
	current=${words[-1]}
	COMPREPLY=()
	while IFS=$'\t' read -r value _; do
		case $value in
		:files | :folders)
			compopt -o filenames
			mapfile -t COMPREPLY < <(compgen -A "$([[ $value == :files ]] && echo file || echo directory)" -- "${current#--*=}")
			return
			;;
		esac
		[[ $current == --*=* ]] && value=${value#--*=}
		printf -v value %q "$value"
		# a value that takes more text, such as index=N
		[[ $value == *= ]] && compopt -o nospace
		COMPREPLY+=("$value")
	done < <("$1" complete -- "${words[@]}" 2>/dev/null)
}
complete -F _facectl facectl
