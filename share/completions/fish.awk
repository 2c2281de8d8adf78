# Completions for fish out of "facectl dump-options": command, letter, long name, argument, kind, choices, help.

function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/'/, "\\'", text)
	return "'" text "'"
}

# The condition under which a command's options are offered.
function when(command,    part) {
	if (command == "") {
		return ""
	}
	split(command, part, " ")
	return " -n '__fish_seen_subcommand_from " part[1] \
		(part[2] == "" ? "" : "; and __fish_seen_subcommand_from " part[2]) "'"
}

BEGIN {
	print "# fish completion for facectl; generated from its option tables"
}

$5 == "command" {
	split($1, part, " ")
	if (part[2] == "") {
		print "complete -c facectl -n __fish_use_subcommand -f -a " $1 " -d " quoted($7)
	} else {
		if (!(part[1] in seen)) {
			seen[part[1]] = 1
			print "complete -c facectl -n __fish_use_subcommand -f -a " part[1]
		}
		print "complete -c facectl -n '__fish_seen_subcommand_from " part[1] "' -f -a " part[2] " -d " quoted($7)
	}
}

$3 != "" {
	line = "complete -c facectl" when($1) " -l " $3
	if ($2 != "") {
		line = line " -s " $2
	}
	if ($5 == "choice") {
		line = line " -x -a " quoted($6)
	} else if ($5 == "path" || $3 == "photo") {
		line = line " -r -F"
	} else if ($5 != "flag") {
		line = line " -x"
	}
	print line " -d " quoted($7)
}
