// A failure outside of every promise, as a library's timer could throw it.
setTimeout(() => {
  throw new Error('thrown late')
}, 150)
