/** What a config that imports the plugin costs. */
import '@fw/vite-plugin'
