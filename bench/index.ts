/** `npm run bench -- snapshot` (the default) or `npm run bench -- audit`: each prints JSON; see the file of that name. */
const what = process.argv[2]
const name = what === 'audit' ? './audit/index.ts' : './snapshot.ts'
await import(name)
