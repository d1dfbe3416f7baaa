/** What a script that imports the plugin costs. */
import '@fw/esbuild-plugin'
