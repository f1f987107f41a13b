// The last line of a CI run: what Vitest counted, and one more for `verify`, which either holds or does not.
import { readFileSync } from 'node:fs'
import process from 'node:process'

const [, , report, testsCode, verifyCode] = process.argv

function counted() {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'))
    // A file that cannot even be loaded fails without a test of its own.
    return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) }
  } catch {
    // No report: the tests did not come to an end, which the exit code below tells as a failure.
    return { passed: 0, failed: 0 }
  }
}

const tests = counted()
const brokenOff = testsCode !== '0' && tests.failed === 0 ? 1 : 0
const verify = verifyCode === '0' ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
const failed = tests.failed + brokenOff + verify.failed
console.log(`${tests.passed + verify.passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && tests.passed > 0 ? 0 : 1
