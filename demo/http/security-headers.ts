import helmet from 'helmet';

/** Pages load files of this site only, run no scripts, and are framed by no other site. */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
      scriptSrc: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // With no-referrer browsers would send `Origin: null` with forms, and the origin check would refuse them.
  referrerPolicy: { policy: 'same-origin' },
});
