/** The dialog that is open in the office. It stays, with what was typed, while the office falls and comes back under it. */
import { createContext, type ReactNode, useContext } from 'react';

/** Makes a dialog that ends by calling `close`. */
export type Task = (close: () => void) => ReactNode;

const TaskContext = createContext<(task: Task) => void>(() => {});

export const TaskProvider = TaskContext.Provider;

export const useTask = (): ((task: Task) => void) => useContext(TaskContext);
