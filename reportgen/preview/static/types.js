// @ts-check
// What the server says, as types; there is nothing in it to run.

/** @typedef {{file?: string, line?: number, edit?: string}} Place */
/** @typedef {Place & {message: string, remedy: string, of?: string, text?: string}} Problem */
/** @typedef {Place & {id: string, kind: string, of: string, status: string, word: string, sentence: string, expression: string,
 *   measured: [string, string][], tests: {text: string, adjusted: string}[], warnings: string[], reason: string}} Verdict */
/** @typedef {Place & {id: string, number: number, title: string}} Section */
/** @typedef {{name: string, model: string, title: string, status: string, reasons: string[], epochs: number}} Model */
/** @typedef {{epoch: number[], loss: (number|null)[], accuracy: (number|null)[], val_accuracy: (number|null)[]}} Curves */
/** @typedef {{loss: number[], accuracy: number[], val_loss: number[], val_accuracy: number[], learning_rate: number[]}} Epochs */
/** @typedef {{phase: string, epoch: number, epochs: number, step: number, steps: number, note?: string,
 *   curves: Curves}} Progress */
/** @typedef {{running: boolean, stopped?: boolean, problems?: Problem[], models: Record<string, Progress>}} Training */
/** @typedef {{language: string, title: string, classes: string, sheets: string[], order: string[]}} Page */
/** @typedef {{index: number, true: string, predicted: string, confidence?: number|null, image?: string, row?: string[], error?: string}} Item */

export {};
