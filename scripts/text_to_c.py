#!/usr/bin/env python3
"""text_to_c.py NAME INPUT OUTPUT: write a C file that defines the text of a file as `const char NAME[]`."""
import sys

name, source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    lines = file.read().splitlines()
with open(target, "w", encoding="utf-8") as file:
    file.write('#pragma GCC diagnostic ignored "-Woverlength-strings"\n')
    file.write(f"extern const char {name}[];\nconst char {name}[] =\n")
    for line in lines:
        text = line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        file.write(f'\t"{text}\\n"\n')
    file.write(";\n")
