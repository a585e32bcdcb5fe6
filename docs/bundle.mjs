// Bundles the examples that use packages, as a page would load them: node bundle.mjs DIRECTORY
import { build } from 'esbuild';

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['src/examples/uppy-upload.js'],
  bundle: true,
  format: 'esm',
  outdir: process.argv[2],
  logLevel: 'warning',
});
