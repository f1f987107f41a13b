// Breaks something that the program relies on, so that it meets a failure which nobody foresaw.
Map.groupBy = () => {
  throw new TypeError(`sabotage with ${process.env['CIO_APP_API_KEY'] ?? 'no key'}`)
}
