import AwsS3 from '@uppy/aws-s3';
import Uppy from '@uppy/core';
import GoldenRetriever from '@uppy/golden-retriever';

/** An Uppy that replaces the data of a dataset by the file that is added. `api` is like https://restow.example/api. */
export function createUppy({ api, token, datasetId }) {
  const call = async (path, body, signal) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const method = body ? 'POST' : 'GET';
    const response = await fetch(api + path, { headers, method, body: body && JSON.stringify(body), signal });
    const result = await response.json();
    if (!response.ok) throw Object.assign(new Error(result.detail?.[0].msg ?? result.message), result);
    return result;
  };
  const reupload = `/datasets/${datasetId}/reupload/presigned`;
  const uppy = new Uppy({ id: `restow-${datasetId}`, restrictions: { maxNumberOfFiles: 1 } });

  // Uppy knows an upload by its uploadId, which is the job. An upload that has one already is resumed: what S3 holds is not sent again.
  const createMultipartUpload = async ({ name, size, type }) => {
    const about = { filename: name, file_size: size, content_type: type || undefined };
    const { job_id, s3_key, part_size } = await call(reupload, about);
    return { uploadId: job_id, key: s3_key, partSize: part_size ?? size };
  };
  uppy.addPreProcessor(async ([id]) => {
    const file = uppy.getFile(id);
    if (!file.s3Multipart?.uploadId) uppy.setFileState(id, { s3Multipart: await createMultipartUpload(file) });
  });

  uppy.use(AwsS3, {
    shouldUseMultipart: true,
    getChunkSize: (data) => uppy.getFiles().find((file) => file.data === data).s3Multipart.partSize,
    createMultipartUpload,
    signPart: async (file, { uploadId, partNumber, signal }) => {
      const { items } = await call(`/jobs/${uploadId}/urls`, { part_numbers: [partNumber] }, signal);
      return { url: items[0].url };
    },
    // S3 refuses an expired URL with 400 or 403; for this message, Uppy has the part signed again.
    uploadPartBytes: (part) =>
      AwsS3.uploadPartBytes(part).catch((error) => {
        if (![400, 403].includes(error.source?.status)) throw error;
        throw Object.assign(new Error('Request has expired'), { source: { status: 403 } });
      }),
    listParts: async (file, { uploadId, signal }) => {
      const parts = [];
      for (let next = ''; next !== null; ) {
        const query = `limit=1000${next && `&page_token=${encodeURIComponent(next)}`}`;
        const page = await call(`/jobs/${uploadId}/parts?${query}`, undefined, signal);
        for (const { part_number, size, etag } of page.items) parts.push({ PartNumber: part_number, Size: size, ETag: etag });
        next = page.next_page ?? null;
      }
      return parts;
    },
    completeMultipartUpload: async (file, { uploadId, parts, signal }) => {
      const named = parts.map(({ ETag, PartNumber }) => ({ etag: ETag, part_number: PartNumber }));
      await call(`${reupload}/${uploadId}/complete`, { parts: named }, signal);
      return {};
    },
    abortMultipartUpload: (file, { uploadId }) => call(`/jobs/${uploadId}/cancel`, {}),
  });

  // The inspection, and the commit.
  uppy.addPostProcessor(async ([id]) => {
    const { uploadId } = uppy.getFile(id).s3Multipart;
    for (let job; ; await new Promise((resolve) => setTimeout(resolve, 1000))) {
      job = await call(`/jobs/${uploadId}`);
      if (job.status === 'ready') break;
      if (!['completing', 'inspecting'].includes(job.status)) throw new Error(job.error?.msg ?? job.status);
    }
    uppy.setFileMeta(id, { version: (await call(`/jobs/${uploadId}/commit`, {})).version });
  });

  // Remembers the upload in the page's storage. The file itself is not copied: the user selects it again after a reload.
  return uppy.use(GoldenRetriever, { indexedDB: { maxFileSize: 0, maxTotalSize: 0 } });
}

/** Uploads a File, or resumes its upload after a reload. Returns the number of the new version; undefined if it is cancelled. */
export function upload(uppy, file) {
  return new Promise((resolve, reject) => {
    uppy.once('error', reject);
    uppy.once('complete', ({ successful: [done], failed: [failure] }) => {
      if (failure) reject(new Error(failure.error));
      else resolve(done?.meta.version);
    });
    uppy.addFile(file);
    if (uppy.getState().recoveredState) uppy.emit('restore-confirmed');
    else uppy.upload();
  });
}
