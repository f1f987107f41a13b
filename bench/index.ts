/** `npm run bench -- snapshot` (the default) or `npm run bench -- audit`: each prints JSON; see the file of that name. */
if (process.argv[2] === 'audit') await import('./audit/index.ts')
else await import('./snapshot.ts')
