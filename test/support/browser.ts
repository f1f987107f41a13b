import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** The Chromium of this machine; none is downloaded. `CHROMIUM_PATH` names another one. */
const browserPath: string | undefined = [
  process.env['CHROMIUM_PATH'] ?? '',
  ...(process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name))),
].find((path) => path !== '' && existsSync(path))

/** In CI a browser that is missing is a failure; at somebody's desk these tests are left out. */
export const isBrowserDue = browserPath !== undefined || !['', undefined].includes(process.env['CI'])

export async function startBrowser(): Promise<Browser> {
  if (browserPath === undefined) {
    throw new Error('There is no Chromium here: apt-get install chromium, or name one in CHROMIUM_PATH.')
  }
  // Containers run as root, where Chromium's own sandbox cannot start; the pages are ours.
  return await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
}

export interface Opened {
  readonly page: Page
  /** Addresses that the page asked for beside itself, and messages of scripts that failed or were refused. */
  readonly asked: readonly string[]
  readonly complaints: readonly string[]
}

/** A page from disk, ready to be used, with an eye on whatever it asks for and on every task that blocks it. */
export async function openPage(
  browser: Browser,
  file: string,
  {
    width,
    height = 900,
    dark = false,
  }: { readonly width: number; readonly height?: number; readonly dark?: boolean },
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' })
  const address = `file://${file}`
  const asked: string[] = []
  const complaints: string[] = []
  await page.route('**', async (route) => {
    const url = route.request().url()
    if (url.split('#')[0] !== address && !url.startsWith('data:image/svg+xml')) asked.push(url)
    await route.continue()
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.addInitScript(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { longTasks: tasks })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration)
    }).observe({ type: 'longtask', buffered: true })
  })
  await page.goto(address, { waitUntil: 'commit' })
  await page.waitForSelector('html[data-ready]', { timeout: 60_000 })
  return { page, asked, complaints }
}

/** The longest task since the page was opened, in milliseconds. */
export const longestTask = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks))
