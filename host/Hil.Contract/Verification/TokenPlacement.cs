using Hil.Contract.Isa;
using Hil.Contract.Machines;

namespace Hil.Contract.Verification;

/// <summary>
/// Places wait and post bits so that every two conflicting accesses of different units happen in program order. An order that already
/// follows from earlier tokens costs none (vector clocks); no counter can pass <see cref="CounterLimit"/>. Near-linear in the program's length.
/// </summary>
/// <remarks>
/// The k-th post on a pair of units is matched with the k-th wait. Every edge leads forward in program order, so a placement cannot deadlock.
/// </remarks>
public sealed class TokenPlacement
{
    /// <summary>The greatest value of a token counter (timing, section 2).</summary>
    public const int CounterLimit = 15;

    // Where an instruction finds the counter of its own posts full, it waits until this many are left.
    private const int LeftAfterForcedWait = 7;

    private readonly Machine _machine;
    private readonly Instruction[] _result;
    private readonly List<int>[] _indexOf = [[], [], [], []];
    private readonly List<int[]>[] _known = [[], [], [], []];
    private readonly List<Edge>[] _edges = [.. Enumerable.Range(0, Units.Count * Units.Count).Select(_ => new List<Edge>())];
    private readonly UnitSet[] _wait;
    private readonly UnitSet[] _post;

    private TokenPlacement(IReadOnlyList<Instruction> program, Machine machine)
    {
        _machine = machine;
        _result = [.. program];
        _wait = new UnitSet[program.Count];
        _post = new UnitSet[program.Count];
    }

    // Both numbers count instructions within their unit, from 1.
    private readonly record struct Edge(int Post, int Wait);

    /// <summary>The program with its tokens placed anew; those it has are ignored.</summary>
    /// <exception cref="ArgumentException">An instruction has an illegal form or touches what the machine does not have.</exception>
    public static Instruction[] Place(IReadOnlyList<Instruction> program, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(machine);
        Instruction[] bare = [.. program.Select(i => i.WithTokens(UnitSet.None, UnitSet.None))];
        for (int i = 0; i < bare.Length; i++)
        {
            (TrapReason reason, string text) = FormRules.CheckWithText(bare[i], machine);
            if (reason != TrapReason.None) throw new ArgumentException($"instruction {i}: {reason}: {text}", nameof(program));
        }

        return new TokenPlacement(bare, machine).Run();
    }

    private Instruction[] Run()
    {
        var tracker = new ConflictTracker(_machine, _result);
        Span<Access> buffer = new Access[Accesses.Most];
        Span<int> needed = stackalloc int[Units.Count];
        for (int index = 0; index < _result.Length; index++)
        {
            Unit unit = InstructionSet.Find(_result[index].Opcode)!.Unit;
            if (unit == Unit.Control) continue;
            int u = (int)unit;
            _indexOf[u].Add(index);
            int number = _indexOf[u].Count;
            int[] known = number == 1 ? new int[Units.Count] : [.. _known[u][^1]];
            known[u] = number - 1;
            _known[u].Add(known);

            Span<Access> accesses = buffer[..Accesses.Write(_result[index], _machine, buffer)];
            needed.Clear();
            foreach (ref readonly Access access in accesses) tracker.Conflicts(access, unit, needed);
            WaitFor(u, number, needed);
            needed.Clear();
            if (CountersNearlyFull(u, known, needed)) WaitFor(u, number, needed);
            foreach (ref readonly Access access in accesses) tracker.Note(access, unit, number);
        }

        for (int index = 0; index < _result.Length; index++)
            _result[index] = _result[index].WithTokens(_wait[index], _post[index]);
        return _result;
    }

    // Lets instruction `number` of unit u wait for instruction needed[v] of every other unit v, by as few tokens as that takes.
    private void WaitFor(int u, int number, ReadOnlySpan<int> needed)
    {
        int[] known = _known[u][number - 1];
        int candidates = 0;
        for (int v = 0; v < Units.Count; v++)
        {
            if (v != u && needed[v] > known[v]) candidates |= 1 << v;
        }

        int kept = candidates;
        for (int v = 0; v < Units.Count; v++)
        {
            for (int w = 0; w < Units.Count; w++)
            {
                bool both = w != v && (candidates & (1 << v)) != 0 && (candidates & (1 << w)) != 0;
                if (both && _known[w][needed[w] - 1][v] >= needed[v]) kept &= ~(1 << v);
            }
        }

        for (int v = 0; v < Units.Count; v++)
        {
            if ((kept & (1 << v)) != 0) AddEdge(v, needed[v], u, number);
        }
    }

    private void AddEdge(int from, int post, int to, int wait)
    {
        List<Edge> edges = _edges[(from * Units.Count) + to];
        if (edges.Count + 1 - StartedBefore(edges, _known[from][post - 1][to]) > CounterLimit)
        {
            // All but the last 14 waits precede the post by known order (CountersNearlyFull), so the last wait comes after it in the program:
            // that wait takes the later token, and what follows it in its unit needs none.
            Edge last = edges[^1];
            _post[_indexOf[from][last.Post - 1]] &= ~Bit(to);
            _post[_indexOf[from][post - 1]] |= Bit(to);
            edges[^1] = last with { Post = post };
            Learn(_known[to][last.Wait - 1], from, post);
        }
        else
        {
            edges.Add(new(post, wait));
            _post[_indexOf[from][post - 1]] |= Bit(to);
            _wait[_indexOf[to][wait - 1]] |= Bit(from);
        }

        Learn(_known[to][wait - 1], from, post);
    }

    // Whether unit u could not post once more to some unit without a full counter; if so, which of that unit's waits must be over first.
    private bool CountersNearlyFull(int u, int[] known, Span<int> needed)
    {
        bool any = false;
        for (int to = 0; to < Units.Count; to++)
        {
            List<Edge> edges = _edges[(u * Units.Count) + to];
            if (to == u || edges.Count - StartedBefore(edges, known[to]) < CounterLimit) continue;
            needed[to] = edges[^(LeftAfterForcedWait + 1)].Wait;
            any = true;
        }

        return any;
    }

    private void Learn(int[] known, int from, int post)
    {
        int[] its = _known[from][post - 1];
        for (int v = 0; v < Units.Count; v++) known[v] = Math.Max(known[v], its[v]);
        known[from] = Math.Max(known[from], post);
    }

    // How many of the waits belong to instructions up to the given number.
    private static int StartedBefore(List<Edge> edges, int number)
    {
        int low = 0;
        int high = edges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (edges[middle].Wait <= number) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static UnitSet Bit(int unit) => (UnitSet)(1 << unit);
}
