// The program takes a thread for each core that it sees; here it sees as many as the test says.
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

os.availableParallelism = () => Number(process.env['TEST_CORES'])
syncBuiltinESMExports()
