import restow

client = restow.Client()

try:
    pushed = client.push(
        "weather",
        "weather.csv",
        create=True,
        on_progress=lambda progress: print(progress.phase, progress.bytes_done, "of", progress.bytes_total),
    )
except restow.BreakingChange as refused:
    for change in refused.changes:
        print(change.msg)
    print("to publish it nevertheless:", f"client.commit({str(refused.job_id)!r}, accept=[...])")
except restow.Rejected as rejected:
    for finding in rejected.findings:
        print(f"line {finding.line}: {finding.msg}")
else:
    print("version", pushed.version.version, "has", pushed.version.row_count, "rows")
