# Completions for bash out of "facectl dump-options": command, letter, long name, argument, kind, choices, help.

function words(command, text) {
	options[command] = options[command] text " "
}

$5 == "command" {
	split($1, part, " ")
	if (!(part[1] in seen)) {
		commands = commands " " part[1]
		seen[part[1]] = 1
	}
	if (part[2] != "") {
		second[part[1]] = second[part[1]] " " part[2]
	}
	order[++count] = $1
}

$3 != "" {
	names = "--" $3
	if ($2 != "") {
		names = names " -" $2
	}
	words($1, names)
	pattern = names
	gsub(/ /, "|", pattern)
	if (!(pattern in known)) {
		known[pattern] = 1
		if ($5 != "flag") {
			valued = valued "|" pattern
		}
		if ($5 == "choice") {
			choices = choices "\t" pattern ")\n\t\tCOMPREPLY=($(compgen -W \"" $6 "\" -- \"$current\"))\n\t\treturn\n\t\t;;\n"
		} else if ($5 == "path" || $3 == "photo") {
			paths = paths "|" pattern
		}
	}
}

END {
	print "# bash completion for facectl; generated from its option tables"
	print "_facectl()\n{"
	print "\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}"
	print "\tlocal command='' options=' " options[""] "' i"
	print "\tCOMPREPLY=()"
	print "\tfor ((i = 1; i < COMP_CWORD; i++)); do"
	print "\t\tcase ${COMP_WORDS[i]} in"
	print "\t\t" substr(valued, 2) ") ((i++)) ;;"
	print "\t\t-*) ;;"
	print "\t\t*) case $command in"
	printf "\t\t\t''"
	for (group in second) {
		printf "|%s", group
	}
	print ") command=${command:+$command }${COMP_WORDS[i]} ;;"
	print "\t\t\tesac ;;"
	print "\t\tesac"
	print "\tdone"
	print "\tcase $previous in"
	printf "%s", choices
	print "\t" substr(paths, 2) ")"
	print "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
	print "\t\treturn\n\t\t;;"
	print "\t" substr(valued, 2) ") return ;;"
	print "\tesac"
	print "\tcase $command in"
	print "\t'') COMPREPLY=($(compgen -W '" commands "' -- \"$current\")) ;;"
	for (group in second) {
		print "\t" group ") COMPREPLY=($(compgen -W '" second[group] "' -- \"$current\")) ;;"
	}
	for (i = 1; i <= count; i++) {
		print "\t'" order[i] "') options+=' " options[order[i]] "' ;;"
	}
	print "\tesac"
	print "\tif [[ $current == -* ]]; then"
	print "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$current\"))"
	print "\telif [[ ${#COMPREPLY[@]} -eq 0 && -n $command ]]; then"
	print "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
	print "\tfi"
	print "}"
	print "complete -o filenames -F _facectl facectl"
}
