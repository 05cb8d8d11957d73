# Chooses some of all faults that Yosys can plant: awk -f choose.awk -v count=320 -v bits=9 -v rtl=FOLDER/ -v names=FILE ALL ALL > SCRIPT
# ALL, read twice, is what "mutate -list" writes. One fault a place of the source (the text of its lines, wherever they stand in the file); the places, and the
# fault of a place, by a hash of their own names: a line that changes brings another fault there, and moves one other in or out at most.
# Not chosen: the clock's inputs (a cell without its clock is no error of a source line), and cells without a place.
# names gets a line a fault: file, instance, cell.port[bit], mode, wire, and the text of the lines, separated by tabs.

function hash(text,    i, h) {
    h = 5381
    for (i = 1; i <= length(text); i++) h = (h * 65599 + code[substr(text, i, 1)]) % 4294967291
    # Once more, that similar texts lie far from one another.
    return (h * 40503 + 12345) % 4294967291
}

function text_of(file, line,    at, text) {
    if (!(file in seen)) {
        seen[file] = 1
        for (at = 1; (getline text < file) > 0; at++) {
            gsub(/^[ \t]+|[ \t]+$/, "", text)
            lines[file, at] = text
        }
        close(file)
    }
    return lines[file, int(line)]
}

# The places of a line of ALL, instances left out: sets place.
function place_of(    i, j, n, at, text, key, list) {
    key = ""
    for (i = first; i < NF; i += 2) if ($i == "-src") key = key $(i + 1) " "
    if (key in places) return places[key]
    n = 0
    split(key, list, " ")
    for (i = 1; i in list; i++) {
        split(list[i], at, ":")
        text = text_of(at[1], at[2])
        if (text == "" || text ~ /^(end else )?(hil_[a-z0-9_]+ *#\(|(hil_[a-z0-9_]+|\)) *u_)/) continue
        text = substr(at[1], length(rtl) + 1) ": " text
        for (j = n; j > 0 && own[j] > text; j--) own[j + 1] = own[j]
        own[j + 1] = text
        n++
    }
    text = ""
    for (j = 1; j <= n; j++) if (j == 1 || own[j] != own[j - 1]) text = text (text == "" ? "" : " | ") own[j]
    places[key] = text
    return text
}

function site_of(    cell, wire) {
    cell = option["-cell"]
    # $flatten\u_a.\u_b.$kind$FILE:LINE$NUMBER: the instance, and the kind without the rest.
    sub(/^\$flatten/, "", cell)
    gsub(/\\/, "", cell)
    if (match(cell, /\.?\$/)) {
        instance = substr(cell, 1, RSTART - 1)
        cell = substr(cell, RSTART + RLENGTH)
    } else instance = ""
    sub(/\$[0-9]+(\[[0-9]+\])*$/, "", cell)
    sub(/\$.*$/, "", cell)
    wire = option["-wire"]
    return instance "\t" cell "." option["-port"] "\t" wire
}

function parse(    i) {
    delete option
    for (i = first; i < NF; i += 2) if ($i != "-src") option[$i] = $(i + 1)
}

function fault_of() {
    return option["-mode"] ("-ctrlbit" in option ? "(" option["-ctrlbit"] ")" : "") " [" option["-portbit"] "]" ("-wire" in option ? " [" option["-wirebit"] "]" : "")
}

BEGIN {
    first = 2
    for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
}

FNR == 1 { pass++ }

pass == 2 && FNR == 1 {
    for (place in best_site) {
        h = hash(place)
        for (j = chosen; j > 0 && order[j] > h; j--) { order[j + 1] = order[j]; of[j + 1] = of[j] }
        order[j + 1] = h
        of[j + 1] = place
        if (chosen < count) chosen++
    }
    for (j = 1; j <= chosen; j++) number[of[j]] = j
}

{
    parse()
    if (option["-port"] == "CLK" || (place = place_of()) == "") next
    site = site_of()
    if (pass == 1) {
        if ((place, site) in sites) next
        sites[place, site] = 1
        h = hash(place site)
        if (!(place in best) || h < best[place]) { best[place] = h; best_site[place] = site }
    } else if (place in number && best_site[place] == site) {
        j = number[place]
        h = hash(place fault_of())
        if (!(j in least) || h < least[j]) {
            least[j] = h
            $1 = "mutate -ctrl mutation_i " bits " " j
            script[j] = $0
            name[j] = site "\t" fault_of() "\t" place
        }
    }
}

END {
    for (j = 1; j <= chosen; j++) {
        print script[j]
        print name[j] > names
    }
}
