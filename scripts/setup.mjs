// Installs what is missing, and nothing when nothing is. Runs before anything else, on whatever Node is there (18 or
// newer), so it is plain JavaScript and imports nothing of ours.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve, sep } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = resolve(fileURLToPath(new URL('..', import.meta.url)))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.cio-audit-setup')
const windows = process.platform === 'win32'
const nodeBinary = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node')

/** What the installed packages belong to: this list of packages, on this kind of machine. */
function wantedStamp() {
  const lockfile = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform} ${process.arch}\n`
}

/** `npm ci` or `npm install` by hand leaves npm's own record; if it tells of the same packages, they are there. */
function installedByHand() {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const present = packagesOf(join(modules, '.package-lock.json'))
  if (present === null || wanted === null) return false
  const names = Object.keys(wanted).filter((name) => name !== '')
  return names.every(
    (name) => present[name]?.version === wanted[name].version || (wanted[name].optional && !present[name]),
  )
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    // Absent or cut off by an interrupted install: either way nothing is known to be installed.
    return null
  }
}

/**
 * The machine's npm on the machine's Node: under `npm run` the first `node` on the PATH is the one in node_modules,
 * which `npm ci` is about to remove.
 */
function npm(args, stderr = 2) {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const folders = (process.env[name] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes(`node_modules${sep}`))
  const env = { ...process.env, [name]: folders.join(delimiter) }
  // What npm says goes to stderr: stdout belongs to the command that follows.
  return spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env,
    shell: windows,
    stdio: ['ignore', 2, stderr],
    encoding: 'utf8',
  })
}

function nodeRuns() {
  return existsSync(nodeBinary) && spawnSync(nodeBinary, ['--version'], { stdio: 'ignore' }).status === 0
}

function fail(what, next) {
  console.error(`${what}\n${next}`)
  process.exitCode = 1
}

function install() {
  console.error('Installing the packages; this happens once and takes about a minute.')
  const exact = npm(['ci'], 'pipe')
  // A lockfile that was written behind a registry without the builds for other machines does not name them, and
  // `npm ci` refuses it; `npm install` installs the same versions and leaves the file alone.
  const outOfStep = exact.status !== 0 && /EUSAGE/.test(exact.stderr ?? '')
  if (!outOfStep) process.stderr.write(exact.stderr ?? '')
  const { error, status } = outOfStep ? npm(['install', '--no-save']) : exact
  if (error !== undefined) {
    fail(
      `npm could not be started (${error.code ?? error.message}).`,
      'Install Node.js with npm 10 or newer, then run the same command again.',
    )
    return false
  }
  if (status === 0) return true
  fail(
    `The packages could not be installed: npm ended with code ${status ?? 'unknown'}; what it said stands above.`,
    'Check that this machine reaches the package registry (npm ping), then run the same command again.',
  )
  return false
}

/** The package `node` brings its program through an install script, which a machine's npm may hold back. */
function repairNode() {
  if (nodeRuns()) return true
  npm(['rebuild', 'node', '--foreground-scripts', '--ignore-scripts=false'])
  if (nodeRuns()) return true
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return true
  fail(
    `This Node is ${process.version}, and the newer one that the package "node" brings was not installed (npm held back its install script?).`,
    'Run `npm rebuild node --foreground-scripts`, or install Node 22.18 or newer, then run the same command again.',
  )
  return false
}

function main() {
  const stamp = wantedStamp()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  if (!installedByHand() && !install()) return
  if (repairNode()) writeFileSync(stampFile, stamp)
}

main()
