using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => Ops.addbmm.Call(this, batch1, batch2, beta, alpha);

        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => Ops.addbmm_.InPlace(this, batch1, batch2, beta, alpha);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) => Ops.addmm.Call(this, mat1, mat2, beta, alpha);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) => Ops.addmm_.InPlace(this, mat1, mat2, beta, alpha);

        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f) => Ops.addmv.Call(this, mat, vec, beta, alpha);

        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f) => Ops.addmv_.InPlace(this, mat, vec, beta, alpha);

        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) => Ops.addr.Call(this, vec1, vec2, beta, alpha);

        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) => Ops.addr_.InPlace(this, vec1, vec2, beta, alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => Ops.baddbmm.Call(this, batch1, batch2, beta, alpha);

        public Tensor bmm(Tensor batch2) => Ops.bmm.Call(this, batch2);

        public Tensor cholesky_inverse(bool upper = false) => Ops.cholesky_inverse.Call(this, upper);

        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Ops.cholesky_solve.Call(this, input2, upper);

        public Tensor corrcoef() => Ops.corrcoef.Call(this);

        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Ops.cov.Call(this, correction, fweights, aweights);

        public Tensor det() => Ops.det.Call(this);

        public Tensor dist(Tensor other, float p = 2f) => Ops.dist.Call(this, other, p);

        public Tensor dot(Tensor target) => Ops.dot.Call(this, target);

        public (Tensor a, Tensor tau) geqrf() => Ops.geqrf.Call2(this);

        public Tensor ger(Tensor vec2) => Ops.ger.Call(this, vec2);

        public Tensor inner(Tensor vec2) => Ops.inner.Call(this, vec2);

        public Tensor inverse() => Ops.inverse.Call(this);

        public Tensor kron(Tensor other) => Ops.kron.Call(this, other);

        public Tensor logdet() => Ops.logdet.Call(this);

        public Tensor matmul(Tensor target) => Ops.matmul.Call(this, target);

        public Tensor matrix_exp() => Ops.matrix_exp.Call(this);

        public Tensor matrix_power(int n) => Ops.matrix_power.Call(this, n);

        public Tensor mm(Tensor target) => Ops.mm.Call(this, target);

        public Tensor mv(Tensor target) => Ops.mv.Call(this, target);

        public Tensor norm(float p = 2f) => Ops.norm_Scalar.Call(this, p);

        public Tensor ormqr(Tensor tau, Tensor other, bool left = true, bool transpose = false) => Ops.ormqr.Call(this, tau, other, left, transpose);

        public Tensor outer(Tensor vec2) => Ops.outer.Call(this, vec2);

        public Tensor renorm(float p, long dim, float maxnorm) => Ops.renorm.Call(this, p, dim, maxnorm);

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Ops.tensordot.Call(this, b, dims1, dims2);

        public Tensor trace() => Ops.trace.Call(this);

        public Tensor vdot(Tensor target) => Ops.vdot.Call(this, target);
    }
}
