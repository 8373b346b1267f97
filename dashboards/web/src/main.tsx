import { render } from 'preact'
import { App } from './app'
import './base.css'
import './page.css'
import './panels.css'
import './insights.css'

const root = document.getElementById('app')
if (root) render(<App />, root)
