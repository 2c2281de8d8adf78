# Completions for zsh out of "facectl dump-options": command, letter, long name, argument, kind, choices, help.

function quoted(text) {
	gsub(/'/, "'\\''", text)
	gsub(/\[|\]|:/, "\\\\&", text)
	return text
}

# What _arguments wants: '(-q --quiet)'{-q,--quiet}'[help]:argument:action'
function spec(letter, name, argument, kind, choices, help,    head, repeat, tail) {
	repeat = name == "photo" || name == "person-id" ? "*" : ""
	if (letter == "") {
		head = "'" repeat "--" name
	} else {
		head = (repeat != "" ? "'*'" : "'(-" letter " --" name ")'") "{-" letter ",--" name "}'"
	}
	if (kind == "choice") {
		tail = ":" argument ":(" choices ")"
	} else if (kind == "path" || name == "photo") {
		tail = ":" argument ":_files"
	} else if (kind != "flag") {
		tail = ":" argument ":"
	}
	return head "[" quoted(help) "]" tail "'"
}

$5 == "command" {
	split($1, part, " ")
	order[++count] = $1
	if (part[2] == "") {
		first = first "\n\t\t'" $1 ":" quoted($7) "'"
	} else {
		if (!(part[1] in second)) {
			first = first "\n\t\t'" part[1] ":" quoted(part[1]) " of facectl'"
		}
		second[part[1]] = second[part[1]] "\n\t\t\t'" part[2] ":" quoted($7) "'"
	}
}

$3 != "" {
	options[$1] = options[$1] "\n\t\t" spec($2, $3, $4, $5, $6, $7)
}

END {
	print "#compdef facectl"
	print "# generated from facectl's option tables"
	print "_facectl() {"
	print "\tlocal -a common first rest"
	print "\tlocal command word"
	print "\tcommon=(" options[""] "\n\t)"
	print "\tfirst=(" first "\n\t)"
	print "\tfor word in ${words[2,CURRENT-1]}; do"
	printf "\t\tcase \"$command\" in\n\t\t''"
	for (group in second) {
		printf "|%s", group
	}
	print ") [[ $word == -* ]] || command=\"${command:+$command }$word\" ;;\n\t\tesac"
	print "\tdone"
	print "\tcase \"$command\" in"
	print "\t'') _arguments $common '1:command:{_describe command first}' '*: :' ;;"
	for (group in second) {
		print "\t" group ")\n\t\trest=(" second[group] "\n\t\t)"
		print "\t\t_arguments $common '2:command:{_describe command rest}' '*: :' ;;"
	}
	for (i = 1; i <= count; i++) {
		print "\t'" order[i] "') _arguments $common" (options[order[i]] == "" ? "" : " \\") \
			joined(options[order[i]]) " '*:file:_files' ;;"
	}
	print "\tesac"
	print "}"
	print "_facectl \"$@\""
}

# Lines of options as one command: a backslash at each end.
function joined(text) {
	gsub(/\n/, " \\\n", text)
	return text == "" ? "" : substr(text, 3)
}
