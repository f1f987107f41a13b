// Runs on any Node: no syntax and no import here that an old one does not know.

/** What package.json's `engines` says; a test compares the two. */
export const leastNode = [22, 18]

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | null} one sentence that says what to do, or null when the version will do
 */
export function nodeComplaint(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = leastNode
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return null
  return `cio-audit needs Node ${leastNode.join('.')} or newer and was started with ${version}: install it from https://nodejs.org, or run the tool through "npm start" in its folder, which brings its own.`
}
