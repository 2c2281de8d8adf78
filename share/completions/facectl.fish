# fish completion for facectl, which prints what can follow on the line
function __facectl_complete
	set -l words (commandline -opc)
	set -l current (commandline -ct)
	for line in ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
		switch $line
			case :files
				__fish_complete_path (string replace -r '^--[^=]*=' '' -- "$current")
			case :folders
				__fish_complete_directories (string replace -r '^--[^=]*=' '' -- "$current")
			case '*'
				echo $line
		end
	end
end
complete -c facectl -f -a '(__facectl_complete)'
