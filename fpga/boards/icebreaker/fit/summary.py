"""The results of fit.sh as fit.json and fit.md: python3 summary.py FOLDER SEED ..."""
import json
import pathlib
import re
import sys

# 24 MHz and 10 %.
FLOOR_MHZ = 26.4
KINDS = {"ICESTORM_LC": "cells", "ICESTORM_RAM": "block RAM", "ICESTORM_DSP": "DSP", "ICESTORM_SPRAM": "SPRAM"}
# The two sketches, their blocks by top-level instance, and what each is.
SKETCHES = {
    "hil_fit_top": ("the whole", {
        "u_core": "core",
        "u_controller": "stand-in: bit-serial controller, 2 KB",
        "u_link": "stand-in: link",
        "u_peripherals": "stand-in: timer, watchdog, I2C, LEDs",
        "u_flash": "stand-in: quad SPI",
    }),
    "hil_fit_core_top": ("the core alone", {
        "u_core": "core",
        "u_flash": "stand-in: quad SPI",
    }),
}
# The units of the core that must have registers or blocks of their own in it.
UNITS = ["u_fetch", "u_dispatch", "u_units", "u_control", "u_port", "u_load", "u_weights", "u_compute", "u_vector", "u_scratchpad", "u_counters"]


def netlist(path, blocks):
    """Cells by block and kind, and the core's units that have a flip-flop, a memory or a multiplier of their own."""
    (module,) = json.loads(path.read_text())["modules"].values()
    counts = {block: dict.fromkeys(KINDS.values(), 0) for block in [*blocks, "wiring"]}
    outputs = set()
    for name, cell in module["cells"].items():
        if cell["type"] not in KINDS:
            continue
        block = name.split(".", 1)[0]
        counts[block if block in blocks else "wiring"][KINDS[cell["type"]]] += 1
        for port, bits in cell["connections"].items():
            if cell["port_directions"][port] == "output":
                outputs.update(bits)
    units = set()
    for name, net in module["netnames"].items():
        if (match := re.match(r"u_core\.(u_\w+)\.", name)) and outputs.intersection(net["bits"]):
            units.add(match.group(1))
    return counts, units


def sketch(folder, top, seeds):
    """What one sketch takes, and its clock by seed (null: not placed)."""
    _, blocks = SKETCHES[top]
    counts, units = netlist(folder / f"{top}-packed.json", blocks)
    used = {}
    for kind, key in KINDS.items():
        match = re.search(rf"{kind}:\s*(\d+)/\s*(\d+)", (folder / f"{top}-pack.log").read_text())
        used[key] = {"used": int(match.group(1)), "available": int(match.group(2))}
    fmax = dict.fromkeys(seeds)
    for seed in seeds:
        report = folder / f"{top}-report-{seed}.json"
        if report.exists():
            fmax[seed] = round(min(clock["achieved"] for clock in json.loads(report.read_text())["fmax"].values()), 2)
            counts, units = netlist(folder / f"{top}-placed-{seed}.json", blocks)
    missing = [block for block in blocks if not any(counts[block].values())] + [unit for unit in UNITS if unit not in units]
    made = sum(1 for mhz in fmax.values() if mhz is not None and mhz >= FLOOR_MHZ)
    return {
        "places": any(mhz is not None for mhz in fmax.values()), "missing": missing, "makesItsClock": made >= min(3, len(seeds)),
        "fmaxMegahertz": fmax, "used": used, "blocks": counts,
    }


def table(top, result, seeds):
    """The sketch as Markdown."""
    title, blocks = SKETCHES[top]
    lines = [f"| {title} | " + " | ".join(KINDS.values()) + " |", "|---" * (len(KINDS) + 1) + "|"]
    for block, what in {**blocks, "wiring": "wiring between them"}.items():
        lines.append(f"| {what} | " + " | ".join(str(result["blocks"][block][key] or "") for key in KINDS.values()) + " |")
    lines.append("| together | " + " | ".join("{used} of {available}".format(**result["used"][key]) for key in KINDS.values()) + " |")
    for seed in seeds:
        mhz = result["fmaxMegahertz"][seed]
        lines.append(f"| seed {seed} | " + ("not placed" if mhz is None else f"{mhz} MHz") + " | | | |")
    return lines


def main(folder, seeds):
    folder = pathlib.Path(folder)
    results = {top: sketch(folder, top, seeds) for top in SKETCHES if (folder / f"{top}-pack.log").exists()}
    answer = {"schema": "hil.fit/1", "machine": "icebreaker", "device": "iCE40UP5K-SG48", "floorMegahertz": FLOOR_MHZ, "sketches": results}
    (folder / "fit.json").write_text(json.dumps(answer, indent=2) + "\n")
    text = "\n\n".join("\n".join(table(top, result, seeds)) for top, result in results.items()) + "\n"
    (folder / "fit.md").write_text(text)
    print(text, end="")
    whole = results["hil_fit_top"]
    return 0 if whole["places"] and whole["makesItsClock"] and not whole["missing"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
