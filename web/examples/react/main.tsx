import 'causal-sessions/element';
import type { CausalSessionsElement, CausalSessionsProps, PartialPlan } from 'causal-sessions/element';
import { useRef, useState, type ClassAttributes } from 'react';
import { createRoot } from 'react-dom/client';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'causal-sessions': CausalSessionsProps & ClassAttributes<CausalSessionsElement>;
    }
  }
}

function Dashboard() {
  const sessions = useRef<CausalSessionsElement>(null);
  const [plan, setPlan] = useState<PartialPlan>({ session: { gapHours: 12 } });
  const [told, tell] = useState('No result yet.');
  return (
    <>
      <h1>Sessions of our shop</h1>
      <p>
        <label>
          Events{' '}
          <input
            type="file"
            multiple
            onChange={({ target }) => sessions.current!.process(target.files!).catch(() => undefined)}
          />
        </label>{' '}
        <output>{told}</output> <code>{JSON.stringify(plan)}</code>
      </p>
      <causal-sessions
        ref={sessions}
        plan={plan}
        onplanchange={({ detail }) => setPlan(detail)}
        onprogress={({ detail }) => tell(`${detail.stage} …`)}
        onerror={({ detail }) => tell(detail.message)}
        onresult={({ detail }) => tell(`${detail.report.sessions.kept} sessions.`)}
      />
    </>
  );
}

createRoot(document.querySelector('#root')!).render(<Dashboard />);
