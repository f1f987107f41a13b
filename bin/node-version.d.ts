export declare const leastNode: readonly [number, number]
export declare function nodeComplaint(version: string): string | null
