// The main job by the types that openapi-typescript makes: a dataset, an upload of several parts, a version.
//
// Usage: client.js URL_OF_THE_API TOKEN

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./schema.js";

type HTTPValidationError = components["schemas"]["HTTPValidationError"];
type Job = components["schemas"]["Job"];

const ROWS = 700_000;

function succeeded<T>(answer: { data?: T; error?: HTTPValidationError }): T {
  assert.equal(answer.error, undefined, JSON.stringify(answer.error));
  assert(answer.data !== undefined);
  return answer.data;
}

async function waitUntilReady(client: Client<paths>, job_id: string): Promise<Job> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const job = succeeded(await client.GET("/jobs/{job_id}", { params: { path: { job_id } } }));
    if (job.status === "ready") return job;
    assert(job.status === "completing" || job.status === "inspecting", JSON.stringify(job));
    assert(Date.now() < deadline, JSON.stringify(job));
    await sleep(100);
  }
}

async function upload(urls: string[], partSize: number, content: Uint8Array<ArrayBuffer>) {
  const put = urls.map(async (url, index) => {
    const body = content.subarray(index * partSize, (index + 1) * partSize);
    const answer = await fetch(url, { method: "PUT", body });
    const etag = answer.headers.get("etag");
    assert(answer.ok && etag !== null, `PUT: ${answer.status} ${await answer.text()}`);
    return { etag, part_number: index + 1 };
  });
  return Promise.all(put);
}

async function replaceData(client: Client<paths>, content: Uint8Array<ArrayBuffer>) {
  const dataset = succeeded(await client.POST("/datasets", { body: { name: "by TypeScript" } }));
  const path = { dataset_id: dataset.id };
  const begun = succeeded(
    await client.POST("/datasets/{dataset_id}/reupload/presigned", {
      params: { path },
      body: { filename: "numbers.csv", file_size: content.length, content_type: "text/csv" },
    }),
  );
  const { job_id, part_size } = begun;
  assert(typeof part_size === "number" && begun.urls.length === 3, JSON.stringify(begun));

  const parts = await upload(begun.urls, part_size, content);
  const held = succeeded(await client.GET("/jobs/{job_id}/parts", { params: { path: { job_id } } }));
  assert.deepEqual(held.items.map((part) => part.part_number), [1, 2, 3]);

  succeeded(
    await client.POST("/datasets/{dataset_id}/reupload/presigned/{job_id}/complete", {
      params: { path: { ...path, job_id } },
      body: { parts },
    }),
  );
  assert.equal((await waitUntilReady(client, job_id)).file_size, content.length);
  const preview = succeeded(await client.GET("/jobs/{job_id}/preview", { params: { path: { job_id } } }));
  assert.equal(preview.row_count, ROWS);
  assert.deepEqual(preview.columns.map(({ name, type }) => [name, type]), [["number", "integer"], ["half", "float"]]);

  const version = succeeded(await client.POST("/jobs/{job_id}/commit", { params: { path: { job_id } }, body: {} }));
  assert.equal(version.version, 1);
  const current = succeeded(await client.GET("/datasets/{dataset_id}", { params: { path } }));
  assert.equal(current.current_version, 1);
  const download = succeeded(await client.GET("/datasets/{dataset_id}/download", { params: { path } }));
  const bytes = Buffer.from(await (await fetch(download.url)).arrayBuffer());
  assert(bytes.equals(content), "other bytes came back");
}

async function readErrors(client: Client<paths>) {
  const invalid = await client.POST("/datasets", { body: { name: "" } });
  assert.equal(invalid.response.status, 422);
  // The type of `error` is HTTPValidationError, or this does not compile.
  const faults: NonNullable<HTTPValidationError["detail"]> = invalid.error?.detail ?? [];
  assert.deepEqual(faults.map(({ type, loc }) => [type, loc]), [["string_too_short", ["body", "name"]]]);

  const job_id = "00000000-0000-0000-0000-000000000000";
  const missing = await client.GET("/jobs/{job_id}", { params: { path: { job_id } } });
  assert.equal(missing.response.status, 404);
  assert.deepEqual(missing.error?.detail?.map((fault) => fault.type), ["not_found"]);
}

const [url, token] = process.argv.slice(2);
assert(url !== undefined && token !== undefined, "usage: client.js URL_OF_THE_API TOKEN");
const client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });
const rows = Array.from({ length: ROWS }, (_, number) => `${1_000_000 + number},${(number / 2).toFixed(1)}\n`);
await replaceData(client, new TextEncoder().encode("number,half\n" + rows.join("")));
await readErrors(client);
console.log("openapi-typescript: three parts up, one version, the same bytes down; errors decoded");
