// The embedded platform's process. As `--answer HOST:PORT PROGRAM ARGS…` it is one answer of its CephFS instead, and
// then loads nothing else.
if (process.argv[2] === '--answer') {
  const { answer } = await import('./cephfs/answer.ts');
  process.exitCode = await answer(process.argv.slice(3));
} else {
  const { serveParent } = await import('./serve-parent.ts');
  await serveParent(JSON.parse(process.argv[2] ?? '{}'));
}

export {};
