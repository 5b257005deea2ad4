#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The C ABI of the SDK, described and compared with what was released.

  abi.py describe INCLUDE DIRECTORY      writes constants.txt, layout.txt and headwind.abi (abidw's XML)
  abi.py compare BASELINE INCLUDE        says what a plugin built with the baseline could not live with; exit 1

What may change in a minor release is in docs/abi.md. Needs clang-19 (or what CC names) and abigail-tools.
"""
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

CC = os.environ.get("CC", "clang-19")
# These say which release it is.
MOVING = {"HW_ABI_MINOR", "HW_SDK_PATCH"}
HEADER = "#include <headwind/headwind.h>\n"


C, CXX = ("-x", "c", "-std=c99"), ("-x", "c++", "-std=c++20")


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def flags(include, language=C):
    return [*language, "-I", str(pathlib.Path(include).resolve())]


def declarations(include, language=C):
    """What our headers declare at top level, as clang's syntax tree has it; what they include is left out, and
    what stands in an extern "C" counts as top level."""
    tree = json.loads(run("clang-19", *flags(include, language), "-Xclang", "-ast-dump=json", "-fsyntax-only", "-",
                          input=HEADER))
    ours, file = str(pathlib.Path(include, "headwind").resolve()), ""

    def follow(value):  # a location names its file only where that is another than the last one named
        nonlocal file
        if isinstance(value, list):
            for one in value:
                follow(one)
        elif isinstance(value, dict):
            file = value.get("file", file)
            for key, one in value.items():
                if key != "includedFrom":
                    follow(one)

    def visit(nodes):
        for node in nodes:
            follow(node.get("loc", {}))
            if node["kind"] == "LinkageSpecDecl":
                follow({key: value for key, value in node.items() if key not in ("loc", "inner")})
                yield from visit(node.get("inner", []))
                continue
            if file.startswith(ours):
                yield node
            follow({key: value for key, value in node.items() if key != "loc"})

    yield from visit(tree["inner"])


def fields_of(node):
    return [part for part in node.get("inner", []) if part["kind"] == "FieldDecl"]


def has_attribute(node, kind):
    return any(part["kind"] == kind for part in node.get("inner", []))


def read_headers(include, language=C):
    """Structs (with their members' types), enum constants, functions and typedefs, as the compiler sees them."""
    structs, constants, others = {}, [], []
    for node in declarations(include, language):
        name = node.get("name", "")
        if node["kind"] in ("RecordDecl", "CXXRecordDecl") and name and node["tagUsed"] == "struct" and node.get("completeDefinition"):
            structs[name] = [(f["name"], f["type"]["qualType"], f.get("isBitfield", False))
                             for f in fields_of(node) if "name" in f]
        elif node["kind"] == "EnumDecl":
            constants += [e["name"] for e in node.get("inner", []) if e["kind"] == "EnumConstantDecl"]
        elif node["kind"] == "FunctionDecl":
            export = " exported" if has_attribute(node, "VisibilityAttr") else ""
            symbol = node.get("mangledName", name)
            linked = "" if symbol == name else f" linked as {symbol}"
            others.append(f"function {name}: {node['type']['qualType']}{export}{linked}")
        elif node["kind"] == "TypedefDecl" and not node["type"]["qualType"].startswith(("struct ", "union ")):
            others.append(f"typedef {name}: {node['type']['qualType']}")
    return structs, constants, others


def odd_declarations(include):
    """What a layout cannot tell: forms that two compilers, or two minors, may not agree about."""
    for node in declarations(include):
        name, kind = node.get("name", ""), node["kind"]
        if kind in ("RecordDecl", "FunctionDecl", "TypedefDecl") and not name.startswith("hw_"):
            yield (f"{name or 'an unnamed struct'}: names of the ABI begin with hw_, so that they meet nobody else's "
                   "and are watched over")
        for constant in (part.get("name", "") for part in node.get("inner", []) if kind == "EnumDecl"):
            if constant and not constant.startswith("HW_"):
                yield f"{constant}: constants of the ABI begin with HW_, so that they meet nobody else's"
        if kind != "RecordDecl":
            continue
        if node.get("tagUsed") == "union":
            yield f"union {name}: nothing says which of its members counts; use members beside each other"
        for part in node.get("inner", []):
            if part["kind"] == "RecordDecl" and part.get("completeDefinition"):
                yield f"struct {name}: a {part['tagUsed']} is defined within it; define a struct of its own, or members"
            elif part["kind"].endswith("Attr"):
                yield f"struct {name}: an attribute ({part['kind']}) moves its members; order them so that none is needed"
        for field in fields_of(node):
            if any(part["kind"].endswith("Attr") for part in field.get("inner", [])):
                yield f"struct {name}: an attribute moves {field.get('name')}; order the members so that none is needed"


def left_out(include):
    """Headers that nothing here would look at."""
    seen = {pathlib.Path(word).resolve() for word in run("clang-19", *flags(include), "-M", "-", input=HEADER).split()
            if word.endswith(".h")}
    for header in sorted(pathlib.Path(include, "headwind").glob("*.h")):
        if header.resolve() not in seen:
            yield f"{header.name}: headwind.h does not include it, so nobody watches over it; include it there"


def macros(include, language=C):
    """Object-like macros with a number or a text behind them; function-like ones as they are written."""
    found = []
    for line in run("clang-19", *flags(include, language), "-dM", "-E", "-", input=HEADER).splitlines():
        name, _, text = line.removeprefix("#define ").partition(" ")
        if name.startswith("HW_") and text.strip():
            found.append((name, text.strip()))
    return sorted(found)


def measure(include, structs, constants, language=C):
    """Sizes, offsets and values, from the compiler that plugins are built with."""
    lines = ["#include <stdio.h>", HEADER, "int main(void) {"]
    for name, members in structs.items():
        lines.append(f'printf("{name} %zu\\n", sizeof(struct {name}));')
        for member, _, bit_field in members:
            if bit_field:
                continue
            lines.append(f'printf("{name}.{member} %zu %zu\\n", offsetof(struct {name}, {member}), '
                         f'sizeof(((struct {name}*)0)->{member}));')
    lines += [f'printf("{constant} %lld\\n", (long long){constant});' for constant in constants] + ["return 0;}"]
    with tempfile.TemporaryDirectory() as work:
        program = pathlib.Path(work, "measure")
        run(CC, *flags(include, language), "-o", str(program), "-", input="\n".join(lines))
        return {key: [int(n) for n in numbers]
                for key, *numbers in (line.split() for line in run(str(program)).splitlines())}


def describe(include, language=C):
    structs, constants, others = read_headers(include, language)
    measured = measure(include, structs, constants, language)
    values = [f"{name} = {measured[name][0]}" for name in constants]
    values += [f"{name} = {text}" for name, text in macros(include, language)]
    layout = []
    for name, members in structs.items():
        grows = bool(members) and members[0][0] == "struct_size"
        layout.append(f"struct {name} {measured[name][0]} {'grows' if grows else 'frozen'}")
        for member, kind, bit_field in members:
            where = "bit-field" if bit_field else "{} {}".format(*measured[f"{name}.{member}"])
            layout.append(f"  {member} {where} {kind}")
    return values, layout + sorted(others)


def abidw(include):
    """abidw's XML of a function that takes a pointer to every struct: tables hide behind void pointers otherwise."""
    structs, _, _ = read_headers(include)
    takes = ", ".join(f"const struct {name}* p{i}" for i, name in enumerate(structs))
    uses = "".join(f"(void)p{i};" for i in range(len(structs)))
    source = f"{HEADER}void hw_anchor({takes});\nvoid hw_anchor({takes}) {{ {uses} }}\n"
    with tempfile.TemporaryDirectory() as work:
        run(CC, *flags(include), "-g", "-gdwarf-4", "-shared", "-fPIC", "-o", "anchor.so", "-", input=source, cwd=work)
        return run("abidw", "--no-show-locs", "--no-corpus-path", "--no-comp-dir-path", "anchor.so", cwd=work)


def parse_layout(lines):
    structs, current, others = {}, None, []
    for line in lines:
        words = line.split()
        if line.startswith("struct "):
            current = structs[words[1]] = {"size": int(words[2]), "grows": words[3] == "grows", "members": []}
        elif line.startswith("  "):
            current["members"].append(line.strip())
        else:
            others.append(line)
    return structs, others


def padding_of(name, struct):
    """Bytes without a name: a member that lands there later is one that struct_size cannot see."""
    end = 0
    for member in struct["members"]:
        words = member.split()
        if words[1] == "bit-field":
            return f"struct {name}: {words[0]} is a bit-field, whose place is the compiler's choice; use flags"
        if int(words[1]) != end:
            return f"struct {name}: {int(words[1]) - end} bytes of padding before {words[0]}; name them reservedN"
        end = int(words[1]) + int(words[2])
    if end != struct["size"]:
        return f"struct {name}: {struct['size'] - end} bytes of padding at its end; name them reservedN"
    return None


# void and char stand behind pointers only: -Wpedantic and the layout see to that.
SAFE = re.compile(r"const|struct|void|char|double|size_t|u?int(8|16|32|64)_t|hw_\w+")


def unsafe_types(lines):
    """Types that C and C++, or two compilers, may disagree about."""
    for line in lines:
        kind = line.split(" ", 4)[-1] if line.startswith("  ") else line.partition(": ")[2].removesuffix(" exported")
        for word in re.findall(r"[A-Za-z_]\w*", kind):
            if word in ("_Bool", "bool", "enum"):
                yield f"{line.strip()}: bool and enum have no fixed range; use int32_t and constants"
            elif not SAFE.fullmatch(word):
                yield f"{line.strip()}: {word} is none of the types whose size is fixed; use one of stdint.h"


def growing_by_value(structs, others):
    """Whatever holds a growing struct itself, rather than a pointer to it, moves when that grows."""
    growing = [name for name, struct in structs.items() if struct["grows"]]
    lines = [(f"struct {name}", member) for name, struct in structs.items() for member in struct["members"]]
    lines += [(other.partition(":")[0], other.partition(": ")[2]) for other in others]
    for where, line in lines:
        for name in growing:
            if re.search(rf"\b{name}\b(?! (const )?\*)", line):
                yield f"{where}: '{line}' holds {name} by value, which grows; use a pointer to it"


def exception_promises(include):
    """noexcept in a function type makes the host's last catch useless: what gets out ends the process."""
    for header in sorted(pathlib.Path(include, "headwind").glob("*.h")):
        if re.search(r"\bnoexcept\b|\bthrow\s*\(", re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)):
            yield f"{header.name}: no noexcept and no throw() in ABI types"


def complaint(failed, language):
    said = next((line for line in failed.stderr.splitlines() if "error:" in line), failed.stderr.strip())
    return f"the headers do not compile as {language}, or hold what has no size: {said}"


def disagreements(values, layout, include):
    """Host and plugins may be of either language: what a macro makes of the headers in one of them is an ABI of its own."""

    def spelled(lines):  # as neither language insists on
        return [line.replace("struct ", "").replace("(void)", "()") for line in lines]

    try:
        as_cplusplus = [line for part in describe(include, CXX) for line in part]
    except subprocess.CalledProcessError as failed:
        yield complaint(failed, "C++")
        return
    for line in difflib.unified_diff(spelled(values + layout), spelled(as_cplusplus), n=0, lineterm=""):
        if line[0] in "+-" and not line.startswith(("+++", "---")):
            yield (f"C and C++ disagree: '{line[1:].strip()}' is so in {'C++' if line[0] == '+' else 'C'} alone; "
                   'declare it once for both, within extern "C"')


def compare_struct(name, old, new, grown):
    sentence = f"struct {name}"
    if old["grows"] != new["grows"]:
        return f"{sentence}: struct_size must stay its first member"
    for index, member in enumerate(old["members"]):
        if index >= len(new["members"]) or new["members"][index] != member:
            now = new["members"][index] if index < len(new["members"]) else "nothing"
            return f"{sentence}: member '{member}' was released, and '{now}' stands in its place; append instead"
    added = new["members"][len(old["members"]):]
    if not added:
        return None if old["size"] == new["size"] else f"{sentence}: its size changed without a member"
    if not old["grows"]:
        return f"{sentence}: it is frozen, because it stands in arrays or in other structs; add a new struct instead"
    if added[0].split()[1] != str(old["size"]):
        return f"{sentence}: {added[0].split()[0]} does not begin at the released size {old['size']}"
    grown.append(name)
    return None


def value_of(lines, name):
    return next((line.split(" = ")[1] for line in lines if line.startswith(name + " = ")), None)


def compare(baseline, include):
    try:
        return compare_described(baseline, include, *describe(include))
    except subprocess.CalledProcessError as failed:
        return [complaint(failed, "C")]


def compare_described(baseline, include, values, layout):
    old_values = pathlib.Path(baseline, "constants.txt").read_text().splitlines()
    structs, others = parse_layout(layout)
    old_structs, old_others = parse_layout(pathlib.Path(baseline, "layout.txt").read_text().splitlines())
    findings = [*odd_declarations(include), *left_out(include), *unsafe_types(layout), *exception_promises(include),
                *growing_by_value(structs, others), *disagreements(values, layout, include)]
    grown = []
    findings += [sentence for name, struct in structs.items() if (sentence := padding_of(name, struct))]
    for line in old_values:
        name = line.split(" = ")[0]
        if name not in MOVING and line not in values:
            findings.append(f"{name}: it was released as '{line}' and is now '{value_of(values, name)}'; add a new name")
    for line in old_others:
        if line not in others:
            findings.append(f"{line}: it was released and is gone or changed; it stays for the life of the major")
    for name, old in old_structs.items():
        sentence = (compare_struct(name, old, structs[name], grown) if name in structs
                    else f"struct {name}: it was released and is gone; it stays for the life of the major")
        if sentence:
            findings.append(sentence)
    new_names = [line for line in values if line not in old_values and line.split(" = ")[0] not in MOVING]
    new_others = [line.partition(":")[0] for line in others if line not in old_others]
    more = grown + new_names + [name for name in structs if name not in old_structs] + new_others
    if more and int(value_of(values, "HW_ABI_MINOR")) <= int(value_of(old_values, "HW_ABI_MINOR")):
        findings.append(f"HW_ABI_MINOR must be raised: {', '.join(more[:5])} came after the baseline")
    if not findings and not more:
        findings += second_opinion(baseline, include)
    return findings


def second_opinion(baseline, include):
    """Where nothing is said to have changed, libabigail must find nothing either."""
    with tempfile.TemporaryDirectory() as work:
        now = pathlib.Path(work, "now.abi")
        now.write_text(abidw(include))
        told = subprocess.run(["abidiff", "--no-show-locs", "--harmless", str(pathlib.Path(baseline, "headwind.abi")),
                               str(now)], capture_output=True, text=True, check=False)
        return [f"abidiff sees a change:\n{told.stdout}{told.stderr}"] if told.returncode else []


def main(words):
    if len(words) == 4 and words[1] == "describe":
        values, layout = describe(words[2])
        directory = pathlib.Path(words[3])
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "constants.txt").write_text("\n".join(values) + "\n")
        (directory / "layout.txt").write_text("\n".join(layout) + "\n")
        (directory / "headwind.abi").write_text(abidw(words[2]))
        return 0
    if len(words) == 4 and words[1] == "compare":
        findings = compare(words[2], words[3])
        for finding in findings:
            print(finding)
        print(f"{len(findings)} findings against {words[2]}" +
              ("; docs/abi.md says what may change" if findings else ""))
        return 1 if findings else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv))
