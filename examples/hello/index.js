exports.handler = async (req) => {
  const { name = 'World' } = req.body ? await req.json() : {};
  return { statusCode: 200, headers: {}, body: { message: `Hello ${name}!` } };
};
