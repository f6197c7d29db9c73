/**
 * Declares something a machine asks for and an actor provides.
 *
 * A machine that runs without its effects is wired wrongly, so the placeholder throws. `transition()` only collects
 * effects, so pure tests and the model checker never meet it.
 */
export const effect =
  <Params>() =>
  (_: unknown, _params: Params): void => {
    throw new Error('effect was never provided: wire the machine in actors/');
  };
