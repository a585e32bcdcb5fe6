/** Replaces the data of a dataset by a File and returns the new version. `api` is like https://restow.example/api. */
export async function reupload({ api, token, datasetId, file, onProgress = () => {} }) {
  const call = async (path, body) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const response = await fetch(api + path, { headers, method: body ? 'POST' : 'GET', body: JSON.stringify(body) });
    const result = await response.json();
    if (!response.ok) throw Object.assign(new Error(result.detail?.[0].msg ?? result.message), result);
    return result;
  };
  const path = `/datasets/${datasetId}/reupload/presigned`;
  const about = { filename: file.name, file_size: file.size, content_type: file.type || undefined };
  const { job_id, urls, part_size } = await call(path, about);
  let [next, sent] = [0, 0];
  const send = async (index, attempts = 5) => {
    const part = part_size ? file.slice(index * part_size, (index + 1) * part_size) : file.slice();
    const stored = await fetch(urls[index], { method: 'PUT', body: part }).catch((error) => error);
    if (stored.ok) return onProgress((sent += part.size), file.size);
    if (attempts === 1) throw new Error(`part ${index + 1} was not stored: ${stored.status ?? stored.message}`);
    // S3 refuses an expired URL with 400 or 403, on some stores without CORS headers, so every failure renews the URL.
    urls[index] = (await call(`/jobs/${job_id}/urls`, { part_numbers: [index + 1] })).items[0].url;
    return send(index, attempts - 1);
  };
  await Promise.all(Array.from({ length: 4 }, async () => { while (next < urls.length) await send(next++); }));
  await call(`${path}/${job_id}/complete`, {});
  for (let job; ; await new Promise((resolve) => setTimeout(resolve, 1000))) {
    job = await call(`/jobs/${job_id}`);
    if (job.status === 'ready') return call(`/jobs/${job_id}/commit`, {});
    if (!['completing', 'inspecting'].includes(job.status)) throw new Error(job.error?.msg ?? job.status);
  }
}
