/** Sends the parts of the file that S3 lacks, and completes the upload of the job. */
export async function resume({ api, token, jobId, file }) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const call = async (path, body) => {
    const response = await fetch(api + path, { headers, method: body ? 'POST' : 'GET', body: JSON.stringify(body) });
    const result = await response.json();
    if (!response.ok) throw Object.assign(new Error(result.detail?.[0].msg ?? result.message), result);
    return result;
  };
  const job = await call(`/jobs/${jobId}`);
  if (file.size !== job.file_size) throw new Error('the file size differs from that of the job');
  const partSize = job.part_size ?? job.file_size;
  const missing = new Set(Array.from({ length: Math.ceil(job.file_size / partSize) }, (_, index) => index + 1));
  for (let next = ''; next !== null; ) {
    const page = await call(`/jobs/${jobId}/parts?limit=1000${next && `&page_token=${encodeURIComponent(next)}`}`);
    for (const part of page.items) missing.delete(part.part_number);
    next = page.next_page ?? null;
  }
  for (const number of missing) {
    const { url } = (await call(`/jobs/${jobId}/urls`, { part_numbers: [number] })).items[0];
    const stored = await fetch(url, { method: 'PUT', body: file.slice((number - 1) * partSize, number * partSize) });
    if (!stored.ok) throw new Error(`part ${number} was not stored: ${stored.status}`);
  }
  return call(`/datasets/${job.dataset_id}/reupload/presigned/${jobId}/complete`, {});
}
