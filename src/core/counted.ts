/** `1 device`, `2 devices`, for the messages of rules: digits as they are, because findings are compared from run to run. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
