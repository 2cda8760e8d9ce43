/** A file as base64 of gzip; vite.one-file.config.ts makes it. */
declare module '*?packed' {
  const packed: string;
  export default packed;
}
