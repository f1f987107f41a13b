/** `npm run bench -- snapshot` (the default), `audit` or `reports`: each prints JSON; see the file of that name. */
if (process.argv[2] === 'audit') await import('./audit/index.ts')
else if (process.argv[2] === 'reports') await import('./reports.ts')
else await import('./snapshot.ts')
