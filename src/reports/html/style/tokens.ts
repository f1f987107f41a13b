/** Colours by what they mean. Each pair of ink and ground has a contrast of 4.5 to 1 or more, which the browser test checks. */
export const tokens = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --card: #ffffff; --ink: #1b2130; --soft: #535d6e; --line: #dde1e8; --link: #1f4fbf; --focus: #1f4fbf;
  --hover: #f0f3f9; --track: #e7eaf0; --limit: #1b2130;
  --fail: #b3261e; --fail-ground: #fdf0ee; --fail-solid: #c4372d;
  --warn: #8a4b00; --warn-ground: #fdf5e4; --warn-solid: #d98a12;
  --info: #1d56b8; --info-ground: #eef4fd; --info-solid: #3b7be0;
  --pass: #0b6b3a; --pass-ground: #ebf8f0; --pass-solid: #2a9d63;
  --quiet: #535d6e; --quiet-ground: #eef0f4; --quiet-solid: #8b95a6;
  --series: #3b6fd4; --series-ground: #dce7fb;
  --row: 72px;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #10141b; --card: #181d26; --ink: #e7ebf2; --soft: #a7b1c1; --line: #2c3442; --link: #93b4ff; --focus: #93b4ff;
    --hover: #202733; --track: #2a3240; --limit: #e7ebf2;
    --fail: #ff9f95; --fail-ground: #331a19; --fail-solid: #e5584c;
    --warn: #f2c46d; --warn-ground: #2f2410; --warn-solid: #d99a2b;
    --info: #94bdff; --info-ground: #16253d; --info-solid: #4b86e8;
    --pass: #7fd8a6; --pass-ground: #12291e; --pass-solid: #2f9e66;
    --quiet: #a7b1c1; --quiet-ground: #232a36; --quiet-solid: #76839a;
    --series: #7fa6f5; --series-ground: #223558;
  }
}
`
