"""The results of fit.sh as fit.json and fit.md: python3 summary.py FOLDER SEED ..."""
import json
import pathlib
import re
import sys

# 24 MHz and 10 %.
FLOOR_MHZ = 26.4
# Top-level instances of hil_fit_top.sv, and what each is.
BLOCKS = {
    "u_core": "the accelerator core",
    "u_controller": "stand-in: bit-serial controller, 4 KB of code",
    "u_lane": "stand-in: one-lane softmax, layer norm, map, add",
    "u_link": "stand-in: link",
    "u_peripherals": "stand-in: timer, watchdog, I2C, LEDs",
    "u_flash": "stand-in: quad SPI",
}
KINDS = {"ICESTORM_LC": "cells", "ICESTORM_RAM": "ram", "ICESTORM_DSP": "dsp", "ICESTORM_SPRAM": "spram"}


def placed(path):
    """Cells by block and kind, and the units of the core whose registers are there, of one placed netlist."""
    module = json.loads(path.read_text())["modules"]["hil_fit_top"]
    counts = {block: dict.fromkeys(KINDS.values(), 0) for block in [*BLOCKS, "top"]}
    for name, cell in module["cells"].items():
        if cell["type"] in KINDS:
            block = name.split(".", 1)[0]
            counts[block if block in BLOCKS else "top"][KINDS[cell["type"]]] += 1
    units = sorted({m.group(1) for net in module["netnames"] if (m := re.match(r"u_core\.(?:gen_\w+(?:\[\d+\])?\.)?(u_\w+)\.", net))})
    return counts, units


def main(folder, seeds):
    folder = pathlib.Path(folder)
    fmax = {}
    counts, units, used = None, [], {}
    for seed in seeds:
        report = folder / f"report-{seed}.json"
        if not report.exists():
            fmax[seed] = None
            continue
        result = json.loads(report.read_text())
        fmax[seed] = round(min(clock["achieved"] for clock in result["fmax"].values()), 2)
        used = {KINDS[kind]: result["utilization"][kind] for kind in KINDS}
        if counts is None:
            counts, units = placed(folder / f"placed-{seed}.json")
    made = [seed for seed in seeds if fmax[seed] is not None and fmax[seed] >= FLOOR_MHZ]
    missing = [block for block in BLOCKS if counts is None or counts[block]["cells"] == 0]
    good = len(made) >= min(3, len(seeds)) and not missing
    answer = {
        "schema": "hil.fit/1", "machine": "icebreaker", "device": "iCE40UP5K-SG48", "floorMegahertz": FLOOR_MHZ,
        "places": counts is not None, "good": good, "fmaxMegahertz": fmax, "used": used, "blocks": counts, "coreUnits": units,
    }
    (folder / "fit.json").write_text(json.dumps(answer, indent=2) + "\n")
    lines = ["| block | cells | block RAM | DSP | SPRAM |", "|---|---|---|---|---|"]
    for block, what in {**BLOCKS, "top": "wiring between them"}.items():
        if counts is not None:
            c = counts[block]
            lines.append(f"| {what} | {c['cells']} | {c['ram'] or ''} | {c['dsp'] or ''} | {c['spram'] or ''} |")
    if used:
        lines.append("| **together** | " + " | ".join(f"{used[k]['used']} of {used[k]['available']}" for k in KINDS.values()) + " |")
    lines += ["", "| seed | " + " | ".join(map(str, seeds)) + " |", "|---" * (len(seeds) + 1) + "|",
              "| Fmax, MHz | " + " | ".join("does not place" if fmax[s] is None else str(fmax[s]) for s in seeds) + " |"]
    (folder / "fit.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
