// Starts a rule: its file with a small rule that works, a test, and its place in the index.
import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { deliver, root } from './generated.ts'
import { ruleTemplate, testTemplate } from './rule-template.ts'
import { rulesIndex } from './rules-index.ts'

const categories = ['identity', 'devices', 'attributes', 'events', 'journeys', 'governance', 'spot-check']
const usage = `Usage: npm run new:rule <category>/<name>, for example devices/stale-token.
The category is one of ${categories.join(', ')}; the name is in kebab-case and says the failing state, without a verb.`

async function main(id: string | undefined): Promise<number> {
  const [category = '', name = '', ...rest] = id?.split('/') ?? []
  if (!categories.includes(category) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || rest.length > 0) {
    console.error(usage)
    return 2
  }
  const files = new Map([
    [`rules/${category}/${name}.ts`, ruleTemplate(`${category}/${name}`)],
    [`test/rules/${category}/${name}.test.ts`, testTemplate(`${category}/${name}`)],
  ])
  for (const path of files.keys()) {
    if (!(await exists(path))) continue
    console.error(`${path} is there already; choose another name or remove the file.`)
    return 2
  }
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
    console.log(`written: ${path}`)
  }
  await deliver({ files: await rulesIndex() }, false)
  console.log('Next: make the rule yours, then `npm test -- test/rules` and `npm run generate` for its page.')
  return 0
}

function exists(path: string): Promise<boolean> {
  return access(join(root, path)).then(
    () => true,
    () => false,
  )
}

process.exitCode = await main(process.argv[2])
