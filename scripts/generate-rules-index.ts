// Writes rules/index.ts from the files under rules/.
import { deliver } from './generated.ts'
import { rulesIndex } from './rules-index.ts'

process.exitCode = await deliver({ files: await rulesIndex() }, process.argv.includes('--check'))
