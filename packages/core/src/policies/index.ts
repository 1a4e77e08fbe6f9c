export { DeadlineExceeded, type DeadlineName, type Deadlines, defaultDeadlines, withDeadlines } from './deadlines.ts';
