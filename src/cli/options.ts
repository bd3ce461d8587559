/** Options that every command which reads the configuration has. */
export interface ConfigOptions {
  config?: string;
  port?: string;
  host?: string;
  dataDir?: string;
}
