namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>How the elements of a loss become one number.</summary>
        public enum Reduction : long
        {
            /// <summary>They stay as they are.</summary>
            None = 0,

            /// <summary>Their mean.</summary>
            Mean = 1,

            /// <summary>Their sum.</summary>
            Sum = 2,
        }

        /// <summary>The nonlinearity of a plain recurrent network.</summary>
        public enum NonLinearities
        {
            /// <summary>max(0, x).</summary>
            ReLU = 0,

            /// <summary>tanh x.</summary>
            Tanh = 1,
        }

        /// <summary>The nonlinearity inside a transformer layer.</summary>
        public enum Activations
        {
            /// <summary>max(0, x).</summary>
            ReLU = 0,

            /// <summary>x Φ(x).</summary>
            GELU = 1,
        }
    }
}
