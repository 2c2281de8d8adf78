#!/usr/bin/env python3
"""Check every #include below lib and cmd: includes.py [ROOT]

A .c or .cc file and the header of the same name are one node. Fails on
  - an include that names no file of the project, where a project file is meant
  - an arrow that points up or to a neighbour: cmd -> service -> protocol, vision, gallery, net -> base
  - an include of a private header from outside of its folder
  - an include of a library's header outside of the one place that may use the library
  - a cycle
"""
import os
import re
import sys

# Layers by rank. An include goes to the same layer or to one of a lower rank; layers of one rank do not see each other.
RANKS = {"base": 0, "net": 1, "gallery": 1, "vision": 1, "protocol": 1, "service": 2, "cmd": 3}

# The headers of the gallery for use outside of it.
GALLERY_PUBLIC = (
    r"gallery|bands|server|search/search|rows/(entry_query|origin|crop|calibration|ledger|container|detected|snapshot)"
    r"|transfer/(transfer|import|export|snapshot)|maintain/(maintain|reembed)"
)

# Headers that match the first pattern are included only by files that match one of the others.
PRIVATE = [
    (r"lib/vision/worker/(counters|wire|wire_answer|wire_socket|pool|process|sandbox)\.h", [r"lib/vision/worker/"]),
    (r"lib/vision/image/(exif|headers|formats|imgcodecs_module)\.h", [r"lib/vision/image/"]),
    (r"lib/vision/models/descriptor\.h", [r"lib/vision/models/"]),
    (r"lib/gallery/store/env\.h", [r"lib/gallery/store/"]),
    (r"lib/gallery/store/.*", [r"lib/gallery/(store|rows|search|check|transfer|maintain|postgres)/"]),
    (r"lib/gallery/search/(?!search\.h|hit\.h).*", [r"lib/gallery/(search|check|maintain|postgres)/", r"lib/gallery/rows/cascade\.c"]),
    (r"lib/gallery/postgres/.*", [r"lib/gallery/postgres/"]),
    (r"lib/gallery/check/.*", [r"lib/gallery/check/", r"lib/gallery/maintain/"]),
    (r"lib/gallery/(?!(" + GALLERY_PUBLIC + r")\.h).*", [r"lib/gallery/"]),
    (r"lib/gallery/(?!server\.h).*", [r"lib/gallery/", r"lib/service/", r"cmd/commands/(gallery/.*|doctor)\.[ch]", r"cmd/output/gallery_record\.[ch]"]),
    (r"lib/protocol/platform_member\.h", [r"lib/protocol/"]),
    (r"lib/service/local/(?!local\.h).*", [r"lib/service/local/"]),
    (r"lib/service/local/local\.h", [r"lib/service/local/", r"cmd/engine\.[ch]"]),
    (r"lib/service/remote/azure/(?!azure\.h).*", [r"lib/service/remote/azure/"]),
    (r"lib/service/remote/smarty/(?!smarty\.h).*", [r"lib/service/remote/smarty/"]),
    (r"lib/service/remote/platform/(?!platform\.h).*", [r"lib/service/remote/platform/"]),
    (r"lib/service/remote/common/.*", [r"lib/service/remote/"]),
    (r"lib/service/wrap/.*_engine\.h", [r"lib/service/wrap/"]),
]

# The one place for each library.
LIBRARIES = [
    (r"lmdb\.h", r"lib/gallery/store/"),
    (r"curl/.*", r"lib/net/"),
    (r"opencv2/.*", r"lib/vision/(image|faces)/[a-z_]*\.(cc|hh)"),
    (r"ini\.h", r"cmd/config/config\.c"),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)


def source_files(root):
    for top in ("lib", "cmd"):
        for folder, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".cc", ".hh")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def layer_of(path):
    return "cmd" if path.startswith("cmd/") else path.split("/")[1]


def node_of(path):
    return os.path.splitext(path)[0]


def resolve(path, name, files):
    roots = ["lib", "cmd"] if path.startswith("cmd/") else ["lib"]
    for root in [os.path.dirname(path)] + roots:
        candidate = os.path.normpath(os.path.join(root, name))
        if candidate in files:
            return candidate
    return None


def matches(pattern, text):
    return re.fullmatch(pattern, text) is not None


def begins(pattern, text):
    return re.match(pattern, text) is not None


def check_arrow(path, target, problems):
    above, below = layer_of(path), layer_of(target)
    if above not in RANKS or below not in RANKS:
        problems.append(f"{path}: layer '{above}' or '{below}' is not in the table of layers")
    elif above != below and RANKS[below] >= RANKS[above]:
        problems.append(f"{path}: includes {target}, but {above} must not know {below}")
    for pattern, users in PRIVATE:
        if matches(pattern, target) and not any(begins(user, path) for user in users):
            problems.append(f"{path}: {target} is private to {', '.join(users)}")


def check_library(path, name, problems):
    for pattern, place in LIBRARIES:
        if matches(pattern, name) and not begins(place, path):
            problems.append(f"{path}: only {place} may include <{name}>")


def components(graph):
    """Strongly connected components of more than one node, by Tarjan's algorithm."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in sorted(graph[node]):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            component = []
            while not component or component[-1] != node:
                component.append(stack.pop())
            if len(component) > 1:
                found.append(sorted(component))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def check(root):
    files = set(source_files(root))
    problems = []
    graph = {node_of(path): set() for path in files}
    for path in sorted(files):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            text = file.read()
        for bracket, name in INCLUDE.findall(text):
            target = resolve(path, name, files)
            if target is not None:
                check_arrow(path, target, problems)
                if node_of(target) != node_of(path):
                    graph[node_of(path)].add(node_of(target))
            elif bracket == '"':
                problems.append(f"{path}: there is no header '{name}' in reach of this file")
            else:
                check_library(path, name, problems)
    for component in components(graph):
        arrows = [f"{node} -> {target}" for node in component for target in sorted(graph[node]) if target in component]
        problems.append("cycle:\n    " + "\n    ".join(arrows))
    return len(graph), problems


def main():
    sys.setrecursionlimit(10000)
    nodes, problems = check(sys.argv[1] if len(sys.argv) > 1 else ".")
    for problem in problems:
        print(problem)
    cycles = sum(problem.startswith("cycle:") for problem in problems)
    print(f"{nodes} units, {cycles} cycles, {len(problems) - cycles} forbidden includes")
    return 1 if problems or nodes == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
