export declare function holdLittle(): void
