using System.Buffers.Binary;

namespace AiRudder.Simulator;

/// <summary>
/// Turns a conversation into sound that has speech's rhythm, pitch and colour but no words: glottal pulses through three
/// formants that change with each syllable, and noise for consonants. WAV, PCM, 16 bit, mono, 8 kHz.
/// </summary>
internal sealed class Speech
{
    private const int Rate = 8000;
    private const int HeaderBytes = 44;

    /// <summary>How often formants and pitch are set anew, in samples (4 ms).</summary>
    private const int Frame = 32;

    private static readonly (double F1, double F2, double F3)[] Vowels =
    [
        (760, 1250, 2500), (300, 2250, 2950), (330, 800, 2300), (500, 1850, 2550), (520, 920, 2450), (560, 1450, 2500),
    ];

    private static readonly float[] Pulse = GlottalPulse();

    private readonly Dice _dice;
    private readonly float[] _samples;
    private readonly Resonator[] _mouth = [new(), new(), new()];
    private readonly Resonator _hiss = new();
    private uint _noise;
    private double _phase;

    private Speech(ulong seed, int seconds)
    {
        _dice = new Dice(Dice.Mix(seed, 4));
        _noise = (uint)_dice.Next() | 1;
        _samples = new float[seconds * Rate];
    }

    public static byte[] Wav(CallKey key)
    {
        var conversation = Conversation.Of(key);
        var speech = new Speech(key.Seed, conversation.Duration);
        speech.Say(conversation.Utterances);
        return speech.ToWav();
    }

    private void Say(IReadOnlyList<Utterance> utterances)
    {
        var robot = new Voice(208, 0.08, 1.12, 0.50);
        var callee = new Voice(_dice.Between(100, 190), 0.18, _dice.Between(0.95, 1.1), 0.36);
        var agent = new Voice(_dice.Between(120, 180), 0.14, 1.02, 0.42);
        foreach (var utterance in utterances)
        {
            var from = (int)(utterance.Start * Rate);
            var to = Math.Min(_samples.Length, from + (int)(utterance.Length * Rate));
            var span = _samples.AsSpan(from, to - from);
            Utter(span, utterance.Speaker switch { Speaker.Robot => robot, Speaker.Callee => callee, _ => agent });
        }
    }

    private void Utter(Span<float> samples, Voice voice)
    {
        var shape = (F1: 500.0, F2: 1500.0, F3: 2500.0);
        for (var at = 0; at < samples.Length;)
        {
            var length = (int)(_dice.Between(0.16, 0.28) * Rate);
            if (samples.Length - at - length < Rate / 8)
            {
                length = samples.Length - at;
            }

            var consonant = Math.Min(length / 2, Consonant(samples.Slice(at, Math.Min(length, Rate / 10))));
            var target = _dice.Pick(Vowels);
            Vowel(samples[(at + consonant)..(at + length)], voice, shape, target, (double)at / samples.Length);
            shape = target;
            at += length;
        }

        Level(samples, voice.Level);
    }

    /// <summary>A hiss, a plosive, or nothing; returns its length in samples.</summary>
    private int Consonant(Span<float> samples)
    {
        var kind = _dice.Between(0, 3);
        if (kind == 3)
        {
            return 0;
        }

        var length = Math.Min(samples.Length, (int)((kind == 0 ? _dice.Between(0.05, 0.09) : _dice.Between(0.02, 0.04)) * Rate));
        var silence = kind == 0 ? 0 : length / 2;
        _hiss.Tune(_dice.Between(1900, 3400), 900);
        for (var i = silence; i < length; i++)
        {
            var swell = Math.Sin(Math.PI * (i - silence) / (length - silence));
            samples[i] = (float)(_hiss.Pass(Noise()) * 0.16 * swell);
        }

        return length;
    }

    private void Vowel(
        Span<float> samples, Voice voice, (double F1, double F2, double F3) from, (double F1, double F2, double F3) to, double through)
    {
        // Sentences fall, syllables rise a little or fall a little.
        var accent = _dice.Between(-voice.Swing, voice.Swing);
        var fall = 1.08 - (0.18 * through);
        var attack = Math.Min(samples.Length / 3, Rate / 40);
        var release = Math.Min(samples.Length / 3, Rate / 20);
        var step = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            if (i % Frame == 0)
            {
                var blend = Math.Min(1, i / (0.05 * Rate));
                _mouth[0].Tune((from.F1 + ((to.F1 - from.F1) * blend)) * voice.Size, 80);
                _mouth[1].Tune((from.F2 + ((to.F2 - from.F2) * blend)) * voice.Size, 110);
                _mouth[2].Tune((from.F3 + ((to.F3 - from.F3) * blend)) * voice.Size, 170);
                var within = (double)i / samples.Length;
                step = voice.Pitch * fall * (1 + (accent * Math.Sin(Math.PI * within)) + (0.008 * Noise())) / Rate;
            }

            _phase += step;
            _phase -= Math.Floor(_phase);
            var source = Pulse[(int)(_phase * Pulse.Length)] + (0.03f * Noise());
            var sound = _mouth[2].Pass(_mouth[1].Pass(_mouth[0].Pass(source)));
            var swell = Math.Min(1, Math.Min((i + 1.0) / attack, (samples.Length - i) / (double)release));
            samples[i] += (float)(sound * swell * (0.75 + (0.25 * Math.Sin(Math.PI * i / samples.Length))));
        }
    }

    private static void Level(Span<float> samples, double level)
    {
        var peak = 1e-6f;
        foreach (var sample in samples)
        {
            peak = Math.Max(peak, Math.Abs(sample));
        }

        var gain = (float)(level / peak);
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] *= gain;
        }
    }

    /// <summary>-1 to 1; quicker than <see cref="Dice"/>, which would be heard as often as there are samples.</summary>
    private float Noise()
    {
        _noise ^= _noise << 13;
        _noise ^= _noise >> 17;
        _noise ^= _noise << 5;
        return (int)_noise * (1f / int.MaxValue);
    }

    private byte[] ToWav()
    {
        const float LineNoise = 14;
        var wav = new byte[HeaderBytes + (_samples.Length * 2)];
        var span = wav.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], wav.Length - 8);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(span[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], Rate);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], Rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[34..], 16);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], _samples.Length * 2);
        for (var i = 0; i < _samples.Length; i++)
        {
            var value = (_samples[i] * short.MaxValue) + (LineNoise * Noise());
            BinaryPrimitives.WriteInt16LittleEndian(span[(HeaderBytes + (i * 2))..], (short)Math.Clamp(value, short.MinValue, short.MaxValue));
        }

        return wav;
    }

    /// <summary>One period of the change of air flow: slow opening, quick closing, rest.</summary>
    private static float[] GlottalPulse()
    {
        const int Steps = 512;
        var flow = new double[Steps + 1];
        for (var i = 0; i <= Steps; i++)
        {
            var p = (double)(i % Steps) / Steps;
            flow[i] = p < 0.40 ? 0.5 * (1 - Math.Cos(Math.PI * p / 0.40))
                : p < 0.56 ? Math.Cos(Math.PI / 2 * (p - 0.40) / 0.16)
                : 0;
        }

        return [.. Enumerable.Range(0, Steps).Select(i => (float)((flow[i + 1] - flow[i]) * 60))];
    }

    /// <param name="Pitch">Hertz.</param>
    /// <param name="Swing">How far syllables go up or down, as a share of the pitch.</param>
    /// <param name="Size">Of the formants; above 1 is a smaller head.</param>
    /// <param name="Level">Peak, 0 to 1.</param>
    private sealed record Voice(double Pitch, double Swing, double Size, double Level);

    /// <summary>A resonance of two poles, 1 at 0 Hz.</summary>
    private sealed class Resonator
    {
        private double _a, _b, _c, _last, _beforeLast;

        public void Tune(double hertz, double width)
        {
            var radius = Math.Exp(-Math.PI * width / Rate);
            _c = -radius * radius;
            _b = 2 * radius * Math.Cos(2 * Math.PI * Math.Min(hertz, 3800) / Rate);
            _a = 1 - _b - _c;
        }

        public double Pass(double input)
        {
            var output = (_a * input) + (_b * _last) + (_c * _beforeLast);
            (_beforeLast, _last) = (_last, output);
            return output;
        }
    }
}
