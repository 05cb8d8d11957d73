namespace Hil.Reconcile.Report;

/// <summary>The page's style and its one script; no network, no library.</summary>
internal static class Style
{
    public const string Css = """
        :root{color-scheme:light dark;--bg:#fbfbfa;--panel:#fff;--ink:#1c2126;--soft:#5a646e;--line:#dfe3e6;--grid:#eceff1;
        --good:#1b7f4b;--bad:#b3261e;--more:#c2571a;--less:#2c7a7b;--pred:#aab4bd;--meas:#44535f;
        --compute:#2f5d9e;--vector:#7b4fa3;--load:#b8791a;--store:#3c8d7a;--port:#a8552e;--fetch:#9a9a3a;--token:#c05b83;--fill:#84909b;--drain:#b3bcc4}
        @media (prefers-color-scheme:dark){:root{--bg:#14171a;--panel:#1b1f23;--ink:#e4e8eb;--soft:#9aa5af;--line:#30363c;--grid:#252a2f;
        --good:#5cc48d;--bad:#f2867c;--more:#eb9a5c;--less:#62c0bd;--pred:#66727d;--meas:#c4ced6;
        --compute:#7aa7e8;--vector:#b896dd;--load:#e0ad57;--store:#6cc4ad;--port:#d98a63;--fetch:#c8c86a;--token:#e28fb2;--fill:#8d99a4;--drain:#5c656e}}
        *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.5 system-ui,"Segoe UI",Roboto,sans-serif}
        main{max-width:1180px;margin:0 auto;padding:20px}h1{font-size:20px;margin:0 0 2px}h2{font-size:15px;margin:0 0 4px}
        p{margin:4px 0 10px}.soft,.note{color:var(--soft)}.note{font-size:12.5px}
        section{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:14px 16px;margin:14px 0;overflow-x:auto}
        .top{display:flex;flex-wrap:wrap;gap:4px 18px;align-items:baseline;border-left:5px solid var(--soft)}.top.good{border-left-color:var(--good)}.top.bad{border-left-color:var(--bad)}
        .top b{font-weight:650}.verdict{font-weight:700}.good .verdict{color:var(--good)}.bad .verdict{color:var(--bad)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px 20px}.tile div:first-child{color:var(--soft);font-size:12.5px}
        .tile .v{font-size:19px;font-weight:600;font-variant-numeric:tabular-nums}.tile .u{font-size:12.5px;color:var(--soft)}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th{font-weight:600;text-align:left;color:var(--soft);font-size:12.5px;border-bottom:1px solid var(--line);padding:4px 8px;white-space:nowrap}
        td{padding:3px 8px;border-bottom:1px solid var(--grid);vertical-align:middle}tr:last-child td{border-bottom:0}.r{text-align:right;white-space:nowrap}
        td.name{min-width:210px;max-width:340px;overflow-wrap:anywhere}th[data-sort]{cursor:pointer}th[data-sort]:hover{color:var(--ink)}th.on::after{content:" \2193"}
        code{font:12.5px ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}svg{display:block;max-width:100%;height:auto}
        svg text{fill:var(--ink);font:12px system-ui,"Segoe UI",Roboto,sans-serif}svg .s{fill:var(--soft)}svg .e{text-anchor:end}svg .m{text-anchor:middle}
        .legend{display:flex;flex-wrap:wrap;gap:4px 14px;font-size:12.5px;color:var(--soft);margin-top:6px}.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}
        .more{color:var(--more)}.less{color:var(--less)}details summary{cursor:pointer;color:var(--soft)}
        """;

    /// <summary>Sorts a table by the column whose head is clicked; the page is complete without it.</summary>
    public const string Script = """
        document.querySelectorAll('th[data-sort]').forEach(function(h){h.tabIndex=0;function go(){var t=h.closest('table'),b=t.tBodies[0],n=h.cellIndex,
        k=function(r){return r.cells[n].dataset.k};var a=h.dataset.sort==='n';Array.from(b.rows).sort(function(x,y){return a?k(y)-k(x):k(x).localeCompare(k(y))}).forEach(function(r){b.appendChild(r)});
        t.querySelectorAll('th').forEach(function(o){o.classList.toggle('on',o===h)})}h.onclick=go;h.onkeydown=function(e){if(e.key==='Enter')go()}});
        """;

    /// <summary>The colour of a cause, as a style variable.</summary>
    public static string Colour(string cause) => cause switch
    {
        Hil.Contract.Records.Causes.Compute => "var(--compute)",
        Hil.Contract.Records.Causes.Vector => "var(--vector)",
        Hil.Contract.Records.Causes.Load => "var(--load)",
        Hil.Contract.Records.Causes.Store => "var(--store)",
        Hil.Contract.Records.Causes.PortWait => "var(--port)",
        Hil.Contract.Records.Causes.Fetch => "var(--fetch)",
        Hil.Contract.Records.Causes.Fill => "var(--fill)",
        Hil.Contract.Records.Causes.Drain => "var(--drain)",
        _ => "var(--token)",
    };
}
