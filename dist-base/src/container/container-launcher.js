import { LaunchedContainer } from './launched-container.js';
import { PrintedOutput } from './printed-output.js';
/**
 * One launch as a ladder: create, attach, start. Each rung says how it is undone before it is climbed, because a call
 * that failed may have done its work all the same. Whatever throws, the container is on its way out when this rejects;
 * nobody waits for its removal.
 */ export async function climbToLaunch(spec, lifecycle, context) {
    const { engine, health, reaper } = context;
    const undo = [];
    const printed = new PrintedOutput(context.outputTailBytes);
    try {
        undo.push(()=>void reaper.remove(lifecycle));
        lifecycle.move('creating');
        const id = await health.ask(()=>engine.create(spec));
        lifecycle.move('created');
        const attached = await health.ask(()=>engine.attach(id, (stream, bytes)=>{
                printed.accept(stream, bytes);
            }));
        undo.push(()=>{
            attached.close();
        });
        lifecycle.move('starting');
        await health.ask(()=>engine.start(id));
        lifecycle.move('started');
        return new LaunchedContainer({
            id,
            lifecycle,
            printed,
            attached
        }, context);
    } catch (error) {
        for (const step of undo.reverse())step();
        throw error;
    }
}

//# sourceMappingURL=container-launcher.js.map