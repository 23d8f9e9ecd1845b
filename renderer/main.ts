import './engine/jitless.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/forms.css';
import './theme/surfaces.css';
import { mount } from 'svelte';
import { AppError } from '../main/contract/errors.ts';
import Window from './shell/Window.svelte';

const target = document.getElementById('app');
if (target === null) throw new AppError('internal', 'index.html has no element with the id "app" to draw the window into.');
if (window.millwright === undefined) throw new AppError('internal', 'The preload script lent no bridge: this page works inside the Millwright app only.');
mount(Window, { target, props: { bridge: window.millwright } });
